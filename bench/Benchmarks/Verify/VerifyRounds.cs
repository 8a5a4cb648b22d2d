using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Http;
using KeysCluster.Benchmarks.Loads;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Verify;

/// <summary><c>verify</c> over HTTP, and what ASP.NET Core takes for the same requests when it does nothing with them.</summary>
internal static class VerifyRounds
{
    public const int Count = 5;

    public const string RatioName = "verify_http_over_empty_endpoint";

    private const int Keys = 2_000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    public static async Task<ComparedLoads> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var node = await VerifySilo.StartAsync(await server.CreateDatabaseAsync(), Keys);
        await using var empty = await BenchmarkServerProcess.StartEmptyServerAsync();

        var verify = node.Load;
        var floor = new WrkLoad("empty_endpoint", new Uri(empty.Address, EmptyServerExtensions.EmptyPath), node.PostData);
        var json = new WrkLoad("json_endpoint", new Uri(empty.Address, EmptyServerExtensions.JsonPath), node.PostData);
        var rounds = await LoadRounds.RunAsync([floor, json, verify], Count, Duration);
        return new ComparedLoads
        {
            Loads = rounds.Figures(),
            Ratios =
            [
                .. rounds.Ratios(RatioName, verify.Name, floor.Name),
                .. rounds.Ratios("verify_http_over_json_endpoint", verify.Name, json.Name),
                .. rounds.Ratios("json_endpoint_over_empty_endpoint", json.Name, floor.Name),
            ],
        };
    }
}
