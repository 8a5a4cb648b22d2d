namespace KeysCluster.Benchmarks.Scale;

/// <summary>Many keys over few, keys in memory, and floods.</summary>
internal static class ScaleRounds
{
    public static async Task<ScaleFigures> RunAsync()
    {
        var secret = await KeyMemory.MeasureCachedSecretsAsync();
        var (key, grains) = await KeyMemory.MeasureGrainsAsync();
        Console.WriteLine($"scale: {key:F0} B an active key, {secret:F0} B a cached secret");
        var floods = await FloodRounds.RunAsync();
        foreach (var flood in floods) Console.WriteLine($"scale: {flood.Name}, known p99 with the flood over without: {flood.P99OverCalm}");
        var (growth, pages) = await GrowthRounds.RunAsync();
        return new ScaleFigures
        {
            Growth = growth,
            ColdValidatePages = pages,
            BytesPerActiveKey = key,
            BytesPerCachedSecret = secret,
            Floods = floods,
            GrainFlood = grains,
        };
    }
}
