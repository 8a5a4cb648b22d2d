using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class UnreadLogTests
{
    /// <summary>
    /// Each of them logs several messages of 100 bytes at least. A pipe takes 64 KB, and the queue behind it 2,500
    /// messages.
    /// </summary>
    private const int RequestCount = 3000;

    [Fact]
    public async Task A_log_that_nobody_reads_stops_nothing()
    {
        await using var service = new EmbeddedService();
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var start = new ProcessStartInfo(
            "dotnet", [Repository.GetProgramPath("Silo"), "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["Keys__DataDirectory"] = service.DataDirectory,
                ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information",
            },
        };
        using var process = Process.Start(start)!;
        try
        {
            using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
            await Wait.UntilAsync(async () => await IsReadyAsync(http), TimeSpan.FromSeconds(60));

            for (var i = 0; i < RequestCount; i++) Assert.True(await IsReadyAsync(http));

            using var admin = new KeysClient(address, service.AdminKey);
            var (_, apiKey) = await admin.CreateProjectAsync();
            using var client = new KeysClient(address, apiKey);
            var (_, secret) = await client.CreateAsync();
            Assert.Equal("active", await client.VerifyAsync(secret));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
