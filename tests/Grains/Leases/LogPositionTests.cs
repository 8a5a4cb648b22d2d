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

    [Theory]
    [InlineData("00000001", "10:10:", true)]
    [InlineData("0000000A", "10:14:10,12", true)]
    [InlineData("00000001", "18446744073709551615:18446744073709551615:", true)]
    [InlineData("", "10:10:", false)]
    [InlineData("timeline", "10:10:", false)]
    [InlineData("000000001", "10:10:", false)]
    [InlineData("00000001", null, false)]
    [InlineData("00000001", "", false)]
    [InlineData("00000001", "10:10", false)]
    [InlineData("00000001", "10:10::", false)]
    [InlineData("00000001", "0:10:", false)]
    [InlineData("00000001", "9000000000000000001:9000000000000000000:", false)]
    [InlineData("00000001", "18446744073709551616:18446744073709551617:", false)]
    [InlineData("00000001", "10:14:9", false)]
    [InlineData("00000001", "10:14:14", false)]
    [InlineData("00000001", "10:14:12,10", false)]
    [InlineData("00000001", "10:14:10,10", false)]
    [InlineData("00000001", "10:14:10,", false)]
    [InlineData("00000001", " 10:14:10", false)]
    public void A_position_is_valid_when_PostgreSQL_accepts_it(string timeline, string? snapshot, bool expected) =>
        Assert.Equal(expected, new LogPosition(timeline, snapshot!).IsValid());

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void A_position_is_bounded(int inProgress, bool expected) => Assert.Equal(
        expected,
        new LogPosition("00000001", $"1:20000:{string.Join(',', Enumerable.Range(1, inProgress))}").IsValid());

    private static LogPosition At(string snapshot) => new("1", snapshot);
}
