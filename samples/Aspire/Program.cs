using System.Globalization;
using Microsoft.Extensions.Configuration;
using Projects;

// A cluster for development, with everything visible in the dashboard of Aspire: traces, metrics and logs.
var builder = DistributedApplication.CreateBuilder(args);

// The name "Keys" is that of the setting ConnectionStrings:Keys, which all processes read.
IResourceBuilder<IResourceWithConnectionString> database = builder.Configuration.GetConnectionString("Keys") is null
    ? builder.AddPostgres("postgres").AddDatabase("Keys")
    : builder.AddConnectionString("Keys");

// The user secrets of this project keep both, so that the next start accepts what this one has written. The pepper is
// 44 characters of base64: 33 bytes.
var random = new GenerateParameterDefault { MinLength = 44, Special = false };
var pepper = builder.AddParameter("pepper", random, secret: true, persist: true);
var adminKey = builder.AddParameter("admin-key", random, secret: true, persist: true);

var silo1 = AddSilo(1).WaitFor(database);

// The first silo creates the schema.
var silo2 = AddSilo(2).WaitFor(silo1);

builder.AddProject<KeysCluster_Api>("front-end")
    .WithHttpEndpoint()
    .WithReference(database)
    .WithEnvironment("Keys__AdminKey", adminKey)
    .WithHttpHealthCheck("/health/ready")
    .WaitFor(silo2);

builder.AddProject<KeysCluster_Samples_Gateway>("gateway")
    .WithHttpEndpoint()
    .WithReference(database)
    .WaitFor(silo2);

builder.Build().Run();

IResourceBuilder<ProjectResource> AddSilo(int number) => builder.AddProject<KeysCluster_Silo>($"silo-{number}")
    .WithHttpEndpoint()
    .WithReference(database)
    .WithEnvironment("Keys__AdminKey", adminKey)
    .WithEnvironment("Keys__Pepper", pepper)
    .WithEnvironment("Cluster__SiloPort", GetPort(11110, number))
    .WithEnvironment("Cluster__GatewayPort", GetPort(30000, number))
    .WithHttpHealthCheck("/health/ready");

static string GetPort(int basePort, int number) => (basePort + number).ToString(CultureInfo.InvariantCulture);
