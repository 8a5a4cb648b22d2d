using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Security;

/// <summary>A cluster whose processes have a database role each.</summary>
public sealed class ProcessRoleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_silo_and_a_front_end_serve_with_the_roles_of_each()
    {
        var service = await ClusterService.CreateWithRolesAsync(postgres.Server);
        await using var silo = await service.StartSiloAsync();
        await using var frontEnd = await service.StartFrontEndAsync();

        using var client = frontEnd.CreateClient(await service.CreateProjectAsync(frontEnd));
        var (id, first) = await client.CreateAsync();
        var second = (await client.RotateAsync(id)).Secret;
        Assert.Equal("retiring", await client.VerifyAsync(first));
        Assert.Equal("active", await client.VerifyAsync(second));
        (await client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("revoked", await client.VerifyAsync(second));
        Assert.Equal(HttpStatusCode.OK, await silo.GetReadinessAsync());
    }

    [Fact]
    public async Task A_silo_that_may_not_migrate_an_empty_database_is_reported_in_one_message()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await PostgresRoles.CreateAsync(database);
        var settings = new ClusterService(PostgresRoles.Connect(database, PostgresRoles.Service)).CreateSettings();

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            "KeysCluster cannot start: The schema of the database is not", output, StringComparison.Ordinal);
        Assert.Contains("run the command migrate", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "ConnectionStrings:Migrations is missing")]
    [InlineData("Host=127.0.0.1;Port=1", "could not be locked for its migration")]
    [InlineData("Host=db.example", "must contain SSL Mode=VerifyFull")]
    public async Task A_migration_that_fails_says_why_in_one_message(string? connectionString, string message)
    {
        var (exitCode, output) = await ProgramRunner.RunAsync(
            "dotnet",
            [Repository.GetProgramPath("Silo"), "migrate"],
            new Dictionary<string, string?> { ["ConnectionStrings__Migrations"] = connectionString });

        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
