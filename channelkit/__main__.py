"""`python -m channelkit`: the same as `channelkit`."""

from .cli import main

if __name__ == "__main__":
    main()
