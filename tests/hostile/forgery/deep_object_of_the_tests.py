# attack: deep object of the tests
# verdict: untested
def fight(game):
    game.hit(0)
    return 1
# --- tests ---
class Stats:
    def __init__(self): self.hits = 0
class Player:
    def __init__(self): self.stats = Stats()
class World:
    def __init__(self): self.player = Player()
class Game:
    def __init__(self): self.world = World()
    def hit(self, n): self.world.player.stats.hits += 1

def test_fight():
    game = Game()
    rounds = fight(game)
    assert rounds == game.world.player.stats.hits
