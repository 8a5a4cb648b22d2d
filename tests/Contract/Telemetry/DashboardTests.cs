using System.Net.Http.Headers;
using System.Text;

namespace KeysCluster.Contract.Tests.Telemetry;

/// <summary>The dashboard of Orleans is for administrators, and shows no state, log or id of a key.</summary>
public sealed class DashboardTests
{
    private const string Page = "/dashboard/";

    [Fact]
    public async Task The_dashboard_needs_an_admin_key_at_the_management_address()
    {
        await using var embedded = new EmbeddedService();
        await using var process = await StartAsync(embedded, isEnabled: true);
        var management = process.ManagementAddress!;

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(management, Page, key: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(management, Page, "ak-lw-wrong"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(management, Page, embedded.ApiKey));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(management, Page, embedded.AdminKey));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(management, "/dashboard/DashboardCounters", embedded.AdminKey));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(process.Address, Page, embedded.AdminKey));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(process.Address, "/openapi/v1.json", key: null));
        string[] withheld =
        [
            "GrainState", "GrainState?grainId=x&grainType=y", "Trace", "Reminders", "Reminders/1", "GrainTypes",
            "SiloMetadata/x",
        ];
        foreach (var path in withheld)
            Assert.Equal(HttpStatusCode.NotFound, await GetAsync(management, Page + path, embedded.AdminKey));
    }

    [Fact]
    public async Task There_is_no_dashboard_unless_it_is_switched_on()
    {
        await using var embedded = new EmbeddedService();
        await using var process = await StartAsync(embedded, isEnabled: false);

        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(process.ManagementAddress!, Page, embedded.AdminKey));
    }

    [Fact]
    public async Task Without_a_management_address_the_process_does_not_start()
    {
        await using var embedded = new EmbeddedService();
        var settings = embedded.CreateSettings();
        settings["Hosting:Dashboard"] = "true";

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("Hosting:Dashboard needs Hosting:ManagementUrl", output, StringComparison.Ordinal);
    }

    private static async Task<ServiceProcess> StartAsync(EmbeddedService embedded, bool isEnabled)
    {
        var settings = embedded.CreateSettings();
        settings["Hosting:ManagementUrl"] = $"http://127.0.0.1:{FreePort.NextAsText()}";
        if (isEnabled) settings["Hosting:Dashboard"] = "true";
        return await embedded.StartWithSettingsAsync(settings);
    }

    /// <summary>Sends the key as a browser does.</summary>
    private static async Task<HttpStatusCode> GetAsync(Uri address, string path, string? key)
    {
        using var client = new HttpClient { BaseAddress = address };
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{key}"));
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using var response = await client.GetAsync(path);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            Assert.Equal("Basic", response.Headers.WwwAuthenticate.Single().Scheme);
        return response.StatusCode;
    }
}
