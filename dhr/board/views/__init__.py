"""Pages of the board's meetings and of what stands on their agendas."""
