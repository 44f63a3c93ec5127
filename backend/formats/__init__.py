"""How dates are written; everything else is as Django has it for the language."""
