using KeysCluster.Leases;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class LogPositionTests
{
    [Theory]
    [InlineData("10:10:", 9, true)]
    [InlineData("10:10:", 10, false)]
    [InlineData("10:14:10,12", 10, false)]
    [InlineData("10:14:10,12", 11, true)]
    [InlineData("10:14:10,12", 12, false)]
    [InlineData("10:14:10,12", 13, true)]
    [InlineData("10:14:10,12", 14, false)]
    public void A_position_contains_the_transactions_that_had_ended(
        string snapshot, ulong transaction, bool expected) =>
        Assert.Equal(expected, At(snapshot).Contains(transaction));

    [Fact]
    public void A_position_covers_another_one_when_it_contains_every_transaction_of_it()
    {
        string[] snapshots =
        [
            "1:1:", "1:3:1", "1:3:2", "1:3:1,2", "1:4:1", "1:4:2", "1:4:3", "1:4:1,3", "1:4:1,2,3", "2:2:", "2:4:2",
            "2:4:2,3", "3:3:", "3:4:3", "4:4:", "4:6:4", "4:6:5", "4:6:4,5", "5:5:", "6:6:",
        ];
        foreach (var one in snapshots.Select(At))
        {
            foreach (var other in snapshots.Select(At))
            {
                var expected = Enumerable.Range(1, 8).All(id => !other.Contains((ulong)id) || one.Contains((ulong)id));
                Assert.True(expected == one.Covers(other), $"{one.Snapshot} covers {other.Snapshot}");
            }
        }
    }

    [Fact]
    public void Positions_of_different_timelines_do_not_cover_each_other() =>
        Assert.False(new LogPosition("2", "9:9:").Covers(new LogPosition("1", "1:1:")));

    private static LogPosition At(string snapshot) => new("1", snapshot);
}
