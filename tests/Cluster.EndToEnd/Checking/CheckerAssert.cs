namespace KeysCluster.Cluster.EndToEnd.Checking;

internal static class CheckerAssert
{
    public static void AssertNoViolation(HistoryBuilder history) => Assert.Empty(history.ViolatedRules);

    public static void AssertViolates(string rule, HistoryBuilder history) =>
        Assert.Equal([rule], history.ViolatedRules);
}
