"""The networks as users of Brian2 and of NEST write them, without netspec."""
