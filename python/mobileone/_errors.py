"""What this package raises beside ValueError and TypeError."""


class CompileError(RuntimeError):
    """The compiler refused its input or could not finish; the text is its own.

    `exit_code` is the tool's: 1 where the input was refused, 2 for flags, negative
    where a signal ended it.
    """

    def __init__(self, message: str, exit_code: int = 1):
        super().__init__(message)
        self.exit_code = exit_code

    def __reduce__(self):
        return type(self), (str(self), self.exit_code)


class RunError(RuntimeError):
    """A network cannot be loaded or run here.

    `code` is the `mobileone_error` of `mobileone.h`; 0 if no call was made.
    """

    def __init__(self, message: str, code: int = 0):
        super().__init__(message)
        self.code = code

    def __reduce__(self):
        return type(self), (str(self), self.code)
