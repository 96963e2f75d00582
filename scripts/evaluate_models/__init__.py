"""Score the embedded models on line-aligned test sets and on the stories in `seeds/`, numbers with their signatures."""
