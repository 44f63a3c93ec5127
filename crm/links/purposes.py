"""What links can open. A noun registers each purpose with its page, which is called by the same name."""

PURPOSES: set[str] = set()


def register_purpose(name: str) -> str:
    """`name` is that of an address that takes a token."""
    PURPOSES.add(name)
    return name
