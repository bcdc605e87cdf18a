"""Pages of the register, of soundings and of appointments."""
