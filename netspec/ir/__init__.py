"""The intermediate representation between the compiler and the backends."""
