print("judged")
