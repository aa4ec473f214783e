"""What supervisors see of their team."""
