using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Http;
using KeysCluster.Benchmarks.Loads;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Verification;

/// <summary>
/// Measures <c>verify</c> over HTTP, against endpoints of ASP.NET Core that receive the same requests and do nothing.
/// </summary>
internal static class VerifyRounds
{
    public const int Count = 5;

    public const string RatioName = "verify_http_over_empty_endpoint";

    private const int KeyCount = 2_000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    public static async Task<ComparedLoads> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var silo = await VerifySilo.StartAsync(await server.CreateDatabaseAsync(), KeyCount);
        await using var emptyServer = await BenchmarkServerProcess.StartEmptyServerAsync();

        var verify = silo.Load;
        var empty = new WrkLoad(
            "empty_endpoint", new Uri(emptyServer.Address, EmptyServerExtensions.EmptyPath), silo.Requests);
        var json = new WrkLoad(
            "json_endpoint", new Uri(emptyServer.Address, EmptyServerExtensions.JsonPath), silo.Requests);
        var rounds = await LoadRounds.RunAsync([empty, json, verify], Count, Duration);
        return new ComparedLoads
        {
            Loads = rounds.GetFigures(),
            Ratios =
            [
                .. rounds.GetRatios(RatioName, verify.Name, empty.Name),
                .. rounds.GetRatios("verify_http_over_json_endpoint", verify.Name, json.Name),
                .. rounds.GetRatios("json_endpoint_over_empty_endpoint", json.Name, empty.Name),
            ],
        };
    }
}
