using System.Security.Claims;
using KeysCluster.Samples.Gateway;
using KeysCluster.Security;
using KeysCluster.Security.Hosting;
using KeysCluster.Validation.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Orleans.Configuration;

var builder = WebApplication.CreateBuilder(args);
var connectionString = builder.Configuration.GetConnectionString("Keys")
    ?? throw new InvalidOperationException("Set ConnectionStrings:Keys to the PostgreSQL database of the cluster.");

var tls = builder.Configuration.GetSection("Cluster:Tls").Get<ClusterTlsOptions>() ?? new ClusterTlsOptions();

builder.UseOrleansClient(client =>
{
    client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("keys", "keys"));
    client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString));
    client.UseConnectionRetryFilter(ClusterConnectionRetryFilter.RetryAsync);
    if (tls.IsConfigured) client.UseClusterTls(tls);
    if (builder.IsTelemetryEnabled()) client.AddActivityPropagation();
});
builder.AddTelemetry();
builder.Services.AddVirtualKeyValidatorClient();
builder.Services.AddAuthentication().AddVirtualKey();
builder.Services.AddAuthorization();

// The service has no cookies. By default, authentication stores a key ring in the home folder.
builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();

await using var app = builder.Build();
app.MapGet("/whoami", (ClaimsPrincipal user) => user.Claims
        .GroupBy(claim => claim.Type, claim => claim.Value)
        .ToDictionary(claims => claims.Key, claims => string.Join(' ', claims)))
    .RequireAuthorization();
app.MapPost("/chat", () => "Hello!").RequirePermission("chat:write");
await app.RunAsync();
