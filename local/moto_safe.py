"""All of AWS that this service needs, by moto made safe: the second engine.

Slower than the default and without state: what it holds is gone when it stops. Keep its tables
under some hundred rows, for it copies a table before every transaction.

    python -m local.moto_safe
"""

from local.moto_server import Serial, moto_application, serve, sign_digests, stop_tracking

if __name__ == "__main__":
    stop_tracking()
    sign_digests()
    serve(Serial(moto_application()))
