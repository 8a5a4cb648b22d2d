using System.Globalization;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using KeysCluster.Benchmarks.Loads;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Http;

/// <summary>
/// POST requests over persistent connections, sent by one thread of <c>wrk</c>. Server and load share the machine, and
/// a client in .NET would use as much processor time as the server.
/// </summary>
/// <param name="name">The name of the load.</param>
/// <param name="url">The URL of the endpoint.</param>
/// <param name="requests">The requests.</param>
internal sealed class WrkLoad(string name, Uri url, WrkPostData requests) : ILoad
{
    private static readonly string ScriptPath = Path.Combine(AppContext.BaseDirectory, "Http", "posts.lua");
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(30);

    public string Name => name;

    /// <param name="callers">The number of connections.</param>
    /// <param name="duration">The duration in whole seconds.</param>
    public async Task<LoadResult> RunAsync(int callers, TimeSpan duration)
    {
        var seconds = (int)duration.TotalSeconds;
        using var timeout = new CancellationTokenSource(duration + ExitTimeout);
        var output = await Cli.Wrap(ProgramRunner.Find("wrk", "wrk"))
            .WithArguments(arguments => arguments
                .Add("--threads").Add(1)
                .Add("--connections").Add(callers)
                .Add("--duration").Add(seconds, CultureInfo.InvariantCulture)
                .Add("--script").Add(ScriptPath)
                .Add(url.ToString())
                .Add("--").Add(requests.BodiesFile))
            .WithEnvironmentVariables(variables => variables.Set("BENCHMARK_API_KEY", requests.ApiKey))
            .ExecuteBufferedAsync(timeout.Token);

        var json = output.StandardOutput.Split('\n').Single(line => line.StartsWith('{'));
        var result = JsonSerializer.Deserialize<WrkResult>(json, JsonSerializerOptions.Web)!;
        return result is { Requests: > 0, Failed: 0 }
            ? new LoadResult(result.Requests * 1e6 / result.Duration, result.P50, result.P99)
            : throw new InvalidOperationException($"{name}: {result.Failed} of {result.Requests} requests failed.");
    }

    /// <summary>The output of <c>posts.lua</c>. Times are in microseconds.</summary>
    private sealed record WrkResult(long Requests, long Duration, long Failed, long P50, long P99);
}
