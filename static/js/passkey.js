// Passkeys. Without this file, or in a browser without passkeys, their buttons stay hidden and codes do.
(() => {
  "use strict";

  const passkeys = window.webauthnJSON;
  if (!passkeys || !passkeys.supported()) return;

  const asked = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`The site answered ${answer.status}.`);
    return (await answer.json()).request_options;
  };

  // Kept on the device and unlocked by its owner: such a passkey is both steps in one.
  const create = (options) => {
    Object.assign(options.publicKey.authenticatorSelection, {
      residentKey: "required", requireResidentKey: true, userVerification: "required",
    });
    return passkeys.create(options);
  };

  document.querySelectorAll("button[data-passkey]").forEach((button) => {
    const form = button.form;
    const said = form.querySelector("[data-said]");
    form.querySelectorAll("[hidden]").forEach((part) => { part.hidden = false; });
    button.addEventListener("click", async () => {
      said.textContent = "";
      button.disabled = true;
      try {
        const options = await asked(form);
        const credential = await (button.dataset.passkey === "create" ? create(options) : passkeys.get(options));
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch {
        said.textContent = button.dataset.failed;
        button.disabled = false;
      }
    });
  });
})();
