"""What operators ask and do: status, health, preview, rollback, past states, what may go."""
