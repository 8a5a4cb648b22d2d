using System.Net;
using System.Net.Sockets;
using System.Text;
using KeysCluster.Hosting;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>What a host requires of its connection to PostgreSQL.</summary>
public sealed class DatabaseConnectionTests
{
    [Theory]
    [InlineData("Host=db.example")]
    [InlineData("Host=db.example;SSL Mode=Disable")]
    [InlineData("Host=db.example;SSL Mode=Prefer")]
    [InlineData("Host=db.example;SSL Mode=Require")]
    [InlineData("Host=db.example;SSL Mode=VerifyCA")]
    [InlineData("Host=10.1.2.3:5433")]
    [InlineData("Host=localhost,db.example")]
    [InlineData("Host=localhost.example")]
    [InlineData("Host=fd00::1")]
    public void A_database_on_another_machine_is_refused_without_verification_unless_it_is_permitted(string text)
    {
        var exception = Assert.Throws<StartupException>(() => Get(text));
        Assert.Contains("ConnectionStrings:Keys names another machine", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Keys:AllowInsecureDatabase", exception.Message, StringComparison.Ordinal);

        Assert.Equal("ScramSHA256", new NpgsqlConnectionStringBuilder(Get(text, isAllowed: true)).RequireAuth);
    }

    [Theory]
    [InlineData("Host=localhost")]
    [InlineData("Host=LOCALHOST:5433")]
    [InlineData("Host=127.0.0.1")]
    [InlineData("Host=127.1.2.3:5433,localhost")]
    [InlineData("Host=::1")]
    [InlineData("Host=/run/postgresql")]
    [InlineData("Host=@keys")]
    public void A_database_on_this_machine_needs_neither_TLS_nor_a_password(string text) =>
        Assert.Equal(text, Get(text));

    [Fact]
    public void A_verified_database_is_accepted_and_must_ask_for_SCRAM()
    {
        var settings = new NpgsqlConnectionStringBuilder(Get("Host=db.example;SSL Mode=VerifyFull"));

        Assert.Equal(SslMode.VerifyFull, settings.SslMode);
        Assert.Equal("ScramSHA256", settings.RequireAuth);
    }

    /// <summary>Such as for a client certificate instead of a password.</summary>
    [Fact]
    public void The_connection_string_chooses_another_authentication() => Assert.Equal(
        "None",
        new NpgsqlConnectionStringBuilder(
            Get("Host=db.example;SSL Mode=VerifyFull;Require Auth=None")).RequireAuth);

    [Fact]
    public void The_connection_string_of_migrations_has_the_same_rules()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("ConnectionStrings:Migrations", "Host=db.example")]).Build();

        var exception = Assert.Throws<StartupException>(
            () => SettingsValidation.GetMigrationsConnectionString(configuration));

        Assert.Contains("ConnectionStrings:Migrations", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_asks_for_the_password_in_clear_text_does_not_receive_it(bool requiresScram)
    {
        const string password = "the-password";
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var received = ReceiveAfterRequestAsync(listener);

        // The name leads to the impostor.
        var settings = new NpgsqlConnectionStringBuilder(
            Get($"Host=db.example;Username=a;Password={password};SSL Mode=Disable;Timeout=5", isAllowed: true))
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
        };
        if (!requiresScram) settings.Remove("Require Auth");
        await using var connection = new NpgsqlConnection(settings.ConnectionString);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.OpenAsync());

        // Without the requirement, the driver sends the password: the server asks as it should.
        Assert.Equal(!requiresScram, (await received).Contains(password, StringComparison.Ordinal));
    }

    private static string Get(string text, bool isAllowed = false)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("ConnectionStrings:Keys", text),
            new("Keys:AllowInsecureDatabase", isAllowed ? "true" : null),
        ]).Build();
        return SettingsValidation.GetPostgresConnectionString(configuration)!;
    }

    /// <summary>Asks for AuthenticationCleartextPassword, and returns everything that follows.</summary>
    private static async Task<string> ReceiveAfterRequestAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[4096];
        Assert.NotEqual(0, await stream.ReadAsync(buffer));
        await stream.WriteAsync(new byte[] { (byte)'R', 0, 0, 0, 8, 0, 0, 0, 3 });
        var length = await stream.ReadAsync(buffer);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
