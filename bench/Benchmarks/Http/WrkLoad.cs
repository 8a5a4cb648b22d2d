using System.Globalization;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Loads;

namespace KeysCluster.Benchmarks.Http;

/// <summary>
/// POSTs over connections that are kept alive, by <c>wrk</c> on one thread: on a machine that server and load share,
/// a client in .NET would cost as much as what it measures.
/// </summary>
/// <param name="name">Of what it asks.</param>
/// <param name="url">Where.</param>
/// <param name="posts">The bodies and the API key.</param>
internal sealed class WrkLoad(string name, Uri url, WrkPostData posts) : ILoad
{
    private static readonly string ScriptPath = Path.Combine(AppContext.BaseDirectory, "Http", "posts.lua");

    public string Name => name;

    /// <param name="callers">Connections.</param>
    /// <param name="duration">In whole seconds.</param>
    public async Task<LoadResult> RunAsync(int callers, TimeSpan duration)
    {
        var seconds = (int)duration.TotalSeconds;
        using var limit = new CancellationTokenSource(duration + TimeSpan.FromSeconds(30));
        var output = await Cli.Wrap(InstalledProgram.Find("wrk", package: "wrk"))
            .WithArguments(arguments => arguments
                .Add("--threads").Add(1)
                .Add("--connections").Add(callers)
                .Add("--duration").Add(seconds, CultureInfo.InvariantCulture)
                .Add("--script").Add(ScriptPath)
                .Add(url.ToString())
                .Add("--").Add(posts.BodiesFile))
            .WithEnvironmentVariables(variables => variables.Set("BENCHMARK_API_KEY", posts.ApiKey))
            .ExecuteBufferedAsync(limit.Token);

        var json = output.StandardOutput.Split('\n').Single(line => line.StartsWith('{'));
        var result = JsonSerializer.Deserialize<Result>(json, JsonSerializerOptions.Web)!;
        if (result.Requests == 0 || result.Failed > 0)
            throw new InvalidOperationException($"{name}: {result.Failed} of {result.Requests} requests failed.");
        return new LoadResult(result.Requests * 1e6 / result.Duration, result.P50, result.P99);
    }

    private sealed record Result(long Requests, long Duration, long Failed, long P50, long P99);
}

/// <summary>What is posted: a file with a JSON body to each line, and an API key that is not on any command line.</summary>
internal sealed record WrkPostData(string BodiesFile, string ApiKey);
