"""The mission's network on one Linux machine: what stands where, who forwards what, and what was truly sent."""
