# What must hold of every figure, org and period of the demo (properties.c).
. "$(dirname "$0")/flow.sh"
luoshi demo $(store_options)
exits 0
"${LUOSHI_PROPERTIES:?LUOSHI_PROPERTIES is the program of properties.c}" "$site" || bad "a property does not hold"
