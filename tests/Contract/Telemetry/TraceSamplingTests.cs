using System.Globalization;
using System.Text;
using KeysCluster.Contract.Tests.SecretCanary;

namespace KeysCluster.Contract.Tests.Telemetry;

public sealed class TraceSamplingTests
{
    private const string ServerSpans = "Microsoft.AspNetCore";

    /// <summary>Otherwise a client could have each of its requests traced, which makes them slower.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    public async Task The_setting_decides_which_requests_are_traced_and_not_the_client(double ratio, int traced)
    {
        await using var telemetry = new OtlpListener();
        await using var embedded = new EmbeddedService();
        var environment = telemetry.CreateEnvironment();
        environment.Remove("OTEL_TRACES_SAMPLER");
        environment["Hosting__TraceSampleRatio"] = ratio.ToString(CultureInfo.InvariantCulture);
        await using (var process = await embedded.StartAsync(environment))
        {
            using var client = new HttpClient { BaseAddress = process.Address };
            for (var i = 0; i < 10; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
                request.Headers.Add("traceparent", $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01");
                (await client.SendAsync(request)).Dispose();
            }

            await process.StopAsync();
        }

        var spans = ExportedSpan.Parse(telemetry.GetReceived("traces"));
        Assert.Equal(traced, spans.Count(span => span.Scope == ServerSpans && span.Name.Contains("openapi")));
        Assert.Contains(
            "http.server.request.duration", Encoding.UTF8.GetString(telemetry.GetReceived("metrics")));
    }
}
