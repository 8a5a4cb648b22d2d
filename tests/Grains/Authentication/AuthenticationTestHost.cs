using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.Validation.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>
/// A host with the authentication of the API and one endpoint for each kind of user. A test sends HTTP requests, and
/// sets the time, the settings and the addresses of its clients.
/// </summary>
internal sealed class AuthenticationTestHost : IAsyncDisposable
{
    public const string AdminPath = "/admin";
    public const string ProjectPath = "/project";
    public const string MissingPermissionPath = "/missing-permission";

    /// <summary>Is refused by the endpoint itself.</summary>
    public const string ExceedingExpiryPath = "/exceeding-expiry";
    public const string AnonymousPath = "/anonymous";

    /// <summary>A plain admin key, which the host has unless a test replaces its settings.</summary>
    public const string AdminKey = "an-admin-key-of-the-tests-0123456789";

    private const string AddressHeader = "X-Test-Address";

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private AuthenticationTestHost(WebApplication app, TestConfiguration configuration)
    {
        (_app, Configuration) = (app, configuration);
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public static (string Key, string Value) DefaultKey { get; } = ("Keys:AdminKey", AdminKey);

    public static Secret ApiKey { get; } = ProjectApiKey.Mint(TestData.Project);

    public TestConfiguration Configuration { get; }

    public FakeTimeProvider Clock => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    public TestProjectAuthenticator Projects =>
        (TestProjectAuthenticator)_app.Services.GetRequiredService<IProjectAuthenticator>();

    public static Task<AuthenticationTestHost> StartAsync() => StartAsync([DefaultKey]);

    public static async Task<AuthenticationTestHost> StartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddFakeLogging();
        var configuration = new TestConfiguration(settings);
        ((IConfigurationBuilder)builder.Configuration).Add(configuration);
        builder.AddApiKeyAuthentication();
        builder.AddRateLimits();
        builder.Services.AddEndpointAccess();
        builder.Services.AddExceptionHandler<ApiExceptionHandler>();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(TestData.Start));
        builder.Services.AddSingleton<IProjectAuthenticator>(new TestProjectAuthenticator(ApiKey));

        var app = builder.Build();
        app.Use(SetAddress);
        app.UseExceptionHandler(_ => { });
        app.UseApiKeyAuthentication();
        app.UseAuthorization();
        app.MapGet(AdminPath, GetActor).RequireAdmin();
        app.MapGet(ProjectPath, GetActor).RequirePermissionToRead(ApiKeyPermissions.ViewVirtualKeys);
        app.MapGet(MissingPermissionPath, GetActor).RequirePermission(ApiKeyPermissions.CreateVirtualKeys);
        app.MapGet(ExceedingExpiryPath, () => ApiErrors.ExpiryExceedsCaller)
            .RequirePermission(ApiKeyPermissions.ViewVirtualKeys);
        app.MapGet(AnonymousPath, () => "anyone").AllowAnonymous();
        await app.StartAsync();
        return new AuthenticationTestHost(app, configuration);
    }

    /// <summary>Sends a request with a key in the header <c>Authorization</c>, or without one.</summary>
    /// <returns>The status, and the actor that an event would contain.</returns>
    public async Task<(HttpStatusCode Status, string Actor)> SendAsync(
        string path, string? key = null, string address = "192.0.2.1", string scheme = "Bearer")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(AddressHeader, address);
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {key}");
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Returns the status of a request with a key to the endpoint of administrators.</summary>
    public async Task<HttpStatusCode> SendAsAdminAsync(string key) => (await SendAsync(AdminPath, key)).Status;

    /// <summary>Returns the messages of an event, in their order.</summary>
    public IReadOnlyList<string> GetMessages(int eventId) =>
        [.. GetRecords().Where(record => record.Id == eventId).Select(record => record.Message)];

    /// <summary>Returns everything that was logged: messages and their values.</summary>
    public string GetLog() => string.Join('\n', GetRecords().Select(record =>
        $"{record.Message} {string.Join(' ', record.StructuredState ?? [])} {record.Exception}"));

    public MetricCollector<long> Collect(string counter) => new(Meters, KeysClusterMeter.Name, counter);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private static Task SetAddress(HttpContext context, RequestDelegate next)
    {
        context.Connection.RemoteIpAddress = IPAddress.Parse(context.Request.Headers[AddressHeader].ToString());
        return next(context);
    }

    private static string GetActor(ClaimsPrincipal user) =>
        $"{user.GetOrigin().Kind} {user.GetOrigin().ActorId} {user.GetActor()}";

    private IReadOnlyList<FakeLogRecord> GetRecords() => _app.Services.GetFakeLogCollector().GetSnapshot();
}
