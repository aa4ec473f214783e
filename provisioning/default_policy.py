"""The policy that a new organisation begins with, and that one without a policy.toml has.

Whoever changes it raises its version: organisations that never wrote one of their own get the change with their next
manifest.
"""

import functools

from provisioning import policy_file
from provisioning.data_policy import DataPolicy

TEXT = """\
# What agents may see of a customer. After a change: raise the version, run hearthline-admin policy check, have somebody
# read what hearthline-admin policy diff says, and run hearthline-admin manifest publish.
#
# The strictest of these limits holds; hearthline-admin policy explain says which one it was.
#   data_class  C1, internal: may be clear. C2, identifying or financial: revealable at most. C3, secret: never shown.
#   trust       of the PC: T0 sees nothing, T1 masked fields, T2 and T3 may reveal.
#   work        the most that this kind of work needs: absent, masked, revealable or clear. What is not named is absent.
#   clearance   of the person: below it the field is masked at most. basic, standard or senior.
#   call        C2 is revealable while the agent talks to that customer, and masked while it rings and in the wrap-up.

version = 1

# Whether agents may also type a reason of their own for a reveal. It is kept in the audit log.
typed_reason = true

# Why an agent may reveal a field, in the order in which desks show it. Never reuse an id for another meaning.
[[reasons]]
id = "identity-check"
label = { en = "Identity check", zh = "核对身份" }

[[reasons]]
id = "address-change"
label = { en = "Address change", zh = "变更地址" }

[[reasons]]
id = "delivery"
label = { en = "Delivery", zh = "寄送物品" }

[[reasons]]
id = "dispute"
label = { en = "Dispute", zh = "争议处理" }

[[reasons]]
id = "account-question"
label = { en = "Question about the account", zh = "账户咨询" }

# The fields, in the order in which desks show them. lease: for how many seconds a value is shown; after how many
# reveals of any field within an hour this one is refused; whether a supervisor of the team must agree first.
[[fields]]
name = "name"
data_class = "C2"
mask = "name"
work = { consultation = "masked", marketing = "masked", service = "revealable", collections = "revealable", dispute = "revealable" }
clearance = "standard"
lease = { seconds = 20, per_hour = 20 }

[[fields]]
name = "phone"
data_class = "C2"
mask = "phone"
work = { marketing = "masked", service = "revealable", collections = "masked", dispute = "revealable" }
clearance = "standard"
lease = { seconds = 20, per_hour = 10 }

[[fields]]
name = "email"
data_class = "C2"
mask = "email"
work = { service = "revealable", dispute = "revealable" }
clearance = "standard"
lease = { seconds = 30, per_hour = 10 }

[[fields]]
name = "id_card"
data_class = "C2"
mask = "id-card"
work = { service = "revealable", collections = "masked", dispute = "revealable" }
clearance = "standard"
lease = { seconds = 20, per_hour = 5 }

[[fields]]
name = "billing_address"
data_class = "C2"
mask = "address"
work = { service = "revealable", collections = "masked", dispute = "revealable" }
clearance = "standard"
lease = { seconds = 40, per_hour = 10 }

[[fields]]
name = "card_number"
data_class = "C2"
mask = "card-number"
work = { service = "masked", collections = "masked", dispute = "revealable" }
clearance = "senior"
lease = { seconds = 20, per_hour = 5, approval = true }

[[fields]]
name = "available_credit"
data_class = "C2"
mask = "amount"
work = { marketing = "masked", service = "revealable", collections = "revealable", dispute = "revealable" }
clearance = "standard"
lease = { seconds = 20, per_hour = 10 }

[[fields]]
name = "opening_date"
data_class = "C1"
mask = "covered"
work = { consultation = "clear", marketing = "clear", service = "clear", collections = "clear", dispute = "clear" }

[[fields]]
name = "branch"
data_class = "C1"
mask = "covered"
work = { consultation = "clear", marketing = "clear", service = "clear", collections = "clear", dispute = "clear" }

[[fields]]
name = "value_score"
data_class = "C1"
mask = "covered"
work = { marketing = "clear", service = "clear" }

[[fields]]
name = "security_answer"
data_class = "C3"
mask = "covered"
"""  # noqa: E501
"""It as policy.toml, with comments for the people who will edit it."""


@functools.cache
def default_policy() -> DataPolicy:
    """Return it as the server reads it."""
    return policy_file.parse(TEXT, "the policy that Hearthline comes with")
