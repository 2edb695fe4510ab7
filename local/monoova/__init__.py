"""A simulator of the Monoova Payments API: the provider's side of a payout, on a laptop.

    python -m local.monoova --port 0 --state DIR

The map, from the door inwards:

    __main__  server  transport           the command line, the sockets, and how a socket can fail
    door  routes  signin  calls  answers  faults, sign-in, who answers which path, what is said
    payments  orders  payees  fees        execute and validate
    outcomes  endings  receipts           what becomes of a payment; money that comes in
    fault_rules  faults  switches         what goes wrong, by rule or by seed; what nobody can know
    books  entries                        executions and the account's ledger
    reports  tools  verification          what can be asked
    subscriptions  notices  notifications  delivery  signing      webhooks
    controls  forms  control              our own endpoints under /_simulator, and their client
    simulator  store  identity            the parts put together, their durable state, who they are
    clock  dates  shapes                  virtual time, the provider's forms

It shares no code with the service that it is used to test, on purpose: a mistake made twice would
be invisible. It refuses to move real money, to listen anywhere but on 127.0.0.1, and to know what
it was not told: what is our own choice rather than the provider's is listed in docs/simulator.md.
"""
