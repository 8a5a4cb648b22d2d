namespace KeysCluster.Benchmarks.Scale;

/// <summary>Measures many keys against few, the memory of keys, and floods.</summary>
internal static class ScaleRounds
{
    public static async Task<ScaleFigures> RunAsync()
    {
        var secretBytes = await KeyMemory.MeasureCachedSecretsAsync();
        var (keyBytes, grainFlood) = await KeyMemory.MeasureGrainsAsync();
        Console.WriteLine($"scale: {keyBytes:F0} B per active key, {secretBytes:F0} B per cached secret");

        var floods = await FloodRounds.RunAsync();
        foreach (var flood in floods)
            Console.WriteLine($"scale: {flood.Name}, p99 of cached keys over baseline: {flood.P99OverBaseline}");

        var (growth, pages) = await GrowthRounds.RunAsync();
        return new ScaleFigures
        {
            Growth = growth,
            ColdValidatePages = pages,
            BytesPerActiveKey = keyBytes,
            BytesPerCachedSecret = secretBytes,
            Floods = floods,
            GrainFlood = grainFlood,
        };
    }
}
