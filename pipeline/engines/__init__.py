"""Each engine carries stages over documents somewhere; none knows which stages there are."""
