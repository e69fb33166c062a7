"""`python -m examples.chat`: the same as `channelkit run examples.chat:server`."""

import sys

from channelkit.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["run", "examples.chat:server"]
    main()
