"""Other definitions of a claim's terms, and what they give: pure functions on published tables.

Nothing here decides a published number. A choice that is not changed is that of the claim's primary
specification, so that an argument without any change is the published estimate (tested).
"""
