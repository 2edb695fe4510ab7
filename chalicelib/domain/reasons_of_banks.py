"""What payees' banks and the provider's checks of a destination say, in plain words.

Nearly all of it is the customer's turn: their account cannot be paid as it was given to us.
"""

from __future__ import annotations

from chalicelib.domain.meaning import Meaning, Turn

_CHECK_ACCOUNT = "Ask for the BSB and account number as their bank shows them, and for the name."
_ANOTHER = "Ask for another account in their own name."

OF_BANKS: tuple[Meaning, ...] = (
    Meaning(
        name="invalid_bsb", turn=Turn.CUSTOMER,
        what="The BSB belongs to no bank, or to a branch that is gone.",
        ask="Ask for the BSB as their bank shows it now.",
        say="We could not pay you because the BSB of your account is not valid. "
            "Please check it with your bank and tell us the right one.",
    ),
    Meaning(
        name="no_such_account", turn=Turn.CUSTOMER,
        what="The payee's bank has no account of that number.",
        ask=_CHECK_ACCOUNT,
        say="We could not pay you because your bank does not know the account number that we have. "
            "Please check it and tell us the right one.",
    ),
    Meaning(
        name="account_details_invalid", turn=Turn.CUSTOMER,
        what="The BSB, account number and name do not make an account that can be paid.",
        ask=_CHECK_ACCOUNT,
        say="We could not pay you because the account details that we have are not valid. "
            "Please check them and tell us the right ones.",
    ),
    Meaning(
        name="account_closed", turn=Turn.CUSTOMER,
        what="The account is closed.",
        ask=_ANOTHER,
        say="We could not pay you because the account that we have for you is closed. "
            "Please tell us another account of yours.",
    ),
    Meaning(
        name="account_blocked", turn=Turn.CUSTOMER,
        what="The payee's bank has blocked the account.",
        ask="Ask them to speak to their bank, or for another account in their own name.",
        say="We could not pay you because your account does not take payments at present. "
            "Please ask your bank, or tell us another account of yours.",
    ),
    Meaning(
        name="credits_not_taken", turn=Turn.CUSTOMER,
        what="An account of that kind takes no payments of this kind.",
        ask="Ask for an everyday transaction account in their own name.",
        say="We could not pay you because your account does not take payments of this kind. "
            "Please tell us an everyday account of yours.",
    ),
    Meaning(
        name="name_differs", turn=Turn.CUSTOMER,
        what="The name is not the one that the account, or the PayID, is held in.",
        ask="Ask for the name exactly as their bank shows it. Do not pay before it is clear.",
        say="We could not pay you because the name that we have is not that of your account. "
            "Please tell us the name as your bank shows it.",
    ),
    Meaning(
        name="payment_stopped", turn=Turn.CUSTOMER,
        what="The payee's bank was told to stop the payment.",
        ask="Ask whether they, or somebody for them, stopped it at their bank.",
        say="Your bank did not take our payment because it was stopped there. "
            "Please ask your bank, and tell us when we may pay you.",
    ),
    Meaning(
        name="customer_deceased", turn=Turn.STAFF,
        what="The payee's bank says that the account's holder has died.",
        say="We could not make this payment. We will be in touch.",
    ),
    Meaning(
        name="refer_to_customer", turn=Turn.CUSTOMER,
        what="The payee's bank gives no reason but that its customer knows it.",
        ask="Ask them to find out from their bank why it sent the money back.",
        say="Your bank did not take our payment and asks you to speak to it. "
            "Please tell us what it says, or another account of yours.",
    ),
    Meaning(
        name="refused_by_payee", turn=Turn.CUSTOMER,
        what="The payee, or their bank at their wish, sent the money back.",
        ask="Ask whether they want the money, and where.",
        say="Our payment was sent back at your wish, we are told. "
            "Please tell us whether and where we may pay you.",
    ),
    Meaning(
        name="pay_id_unknown", turn=Turn.CUSTOMER,
        what="Nobody has registered that PayID, or not any more.",
        ask="Ask whether the PayID is right and registered, or for a bank account instead.",
        say="We could not pay you because your PayID is not registered with a bank. "
            "Please check it, or tell us a bank account of yours.",
    ),
    Meaning(
        name="pay_id_disabled", turn=Turn.CUSTOMER,
        what="The PayID is locked, or being moved to another bank.",
        ask="Ask them to free it at their bank, or for a bank account instead.",
        say="We could not pay you because your PayID does not take payments at present. "
            "Please ask your bank, or tell us a bank account of yours.",
    ),
    Meaning(
        name="pay_id_details_invalid", turn=Turn.CUSTOMER,
        what="The PayID is not of the form that its type has, or the name does not go with it.",
        ask="Ask for the PayID and its type again.",
        say="We could not pay you because the PayID that we have is not valid. "
            "Please check it and tell us the right one.",
    ),
    Meaning(
        name="rail_not_taken", turn=Turn.STAFF, other_rail_safe=True,
        what="The payee's bank, or that account, is not reached by this way of paying.",
        say="We could not pay you the way we tried. We will try another way.",
    ),
    Meaning(
        name="over_banks_limit", turn=Turn.STAFF, other_rail_safe=True,
        what="The amount is more than the payee's bank takes in one such payment.",
        say="We could not pay you the way we tried. We will try another way.",
    ),
    Meaning(
        name="bank_unavailable", turn=Turn.NOBODY, may_retry=True, other_rail_safe=True,
        what="The payee's bank did not answer, or could not take payments just then.",
        say="Your bank could not take our payment just then. It can be made again.",
    ),
    Meaning(
        name="held_by_regulation", turn=Turn.STAFF,
        what="A bank stopped it because of the law, of fraud, or without being free to say why. "
             "Do not tell the customer more than the sentence.",
        say="We could not make this payment. We will be in touch.",
    ),
    Meaning(
        name="details_missing", turn=Turn.STAFF,
        what="The payee's bank misses a name, an address or an agreement that it needs.",
        say="We could not make this payment yet. We will be in touch if we need anything from you.",
    ),
    Meaning(
        name="amount_not_taken", turn=Turn.STAFF,
        what="The payee's bank does not take that amount, or that currency.",
        say="We could not make this payment. We will be in touch.",
    ),
    Meaning(
        name="called_double", turn=Turn.STAFF,
        what="A bank holds it for a payment that was made before. Look for the other one first.",
        say="We are looking into this payment and will be in touch.",
    ),
    Meaning(
        name="recalled", turn=Turn.STAFF,
        what="It was called back, or sent back for having been made in error.",
        say="This payment was called back. We will be in touch.",
    ),
    Meaning(
        name="no_funds_there", turn=Turn.STAFF,
        what="Some account did not hold enough for it, we are told; the money is back.",
        say="We could not make this payment. We will be in touch.",
    ),
    Meaning(
        name="invalid_user_id", turn=Turn.PROVIDER,
        what="The number that the provider sends direct credits under was not taken.",
        say="We could not make this payment, for a reason on our side. We will make it again.",
    ),
    Meaning(
        name="technically_invalid", turn=Turn.PROVIDER,
        what="The payee's bank could not read the payment as the provider sent it.",
        say="We could not make this payment, for a reason on our side. We will make it again.",
    ),
    Meaning(
        name="number_without_meaning", turn=Turn.PROVIDER,
        what="A return code that means nothing any more. Ask the provider for the reason.",
        say="We could not make this payment. We will be in touch.",
    ),
)  # fmt: skip
