"""What a feed or a picture may be made of."""

# One such character, in a text that somebody typed or that a file brought, and no reader takes any of it.
NOT_IN_XML = dict.fromkeys([*range(32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], " ")
