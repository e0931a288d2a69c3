"""The pages of the practice network, for signed-in people; independent of the desk's pages."""
