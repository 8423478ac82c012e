"""The price catalog: dated rates loaded and checked, contracts laid over them, what a bill's words mean."""
