using KeysCluster.Silo.Storage.PostgreSql;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests.Doctor;

/// <summary>The doctor cannot change the database, whatever its checks execute.</summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class ReadOnlyConnectionTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("")]
    [InlineData(";Options=-c synchronous_commit=local")]
    public async Task The_server_refuses_to_write_through_connections_of_the_doctor(string options)
    {
        using var pools = new PostgresDataSources(
            await postgres.Server.CreateDatabaseAsync() + options, isReadOnly: true);
        await using var command = pools.Grains.CreateCommand("CREATE TABLE a (b text)");

        var exception = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, exception.SqlState);
    }
}
