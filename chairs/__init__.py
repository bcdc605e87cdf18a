"""Independent chairs and report authors: the register, soundings, appointments and declarations of independence."""
