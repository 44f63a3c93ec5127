from crm.links.purposes import register_purpose

INVITED = register_purpose("coffee")
