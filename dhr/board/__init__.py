"""The partnership's board: its meetings, what stands on their agendas, who may open a paper, and what was resolved."""
