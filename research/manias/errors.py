"""Words for failure: one flat family, each message names the culprit and what was expected."""

MOST = 2_000
"""Characters of a message; what a file repeats a thousand times is not repeated."""


class ManiasError(Exception):
    """Base of every error that the package raises on purpose."""

    def __str__(self) -> str:
        said = super().__str__()
        return said if len(said) <= MOST else f"{said[: MOST - 405]} ... {said[-400:]}"

    @property
    def text(self) -> str:
        """The message as it was handed in, so that a text stays sayable in another language."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class DataError(ManiasError):
    """A table, a series or a value is not what it must be."""


class StaleError(DataError):
    """What is kept does not agree with the tables or the code as they stand."""


class InputError(ManiasError):
    """Something that the caller typed or chose is not among what is accepted."""
