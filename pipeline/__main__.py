"""`python -m pipeline` is `depeche`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
