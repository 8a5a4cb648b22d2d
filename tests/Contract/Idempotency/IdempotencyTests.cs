using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Idempotency;

/// <summary>What holds for every call that takes an Idempotency-Key.</summary>
public abstract class IdempotencyTests(TestService service)
{
    private const string Replayed = "Idempotent-Replayed";

    private static string NewKey => Guid.NewGuid().ToString();

    public static TheoryData<string> Calls() => IdempotentCall.All();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task The_same_request_again_gets_the_same_answer_and_changes_nothing(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var key = NewKey;
        var before = await call.ChangesAsync();
        var first = await call.SendAsync(key);
        Assert.True(first.Status is HttpStatusCode.OK or HttpStatusCode.Created, first.Body);
        Assert.DoesNotContain(Replayed, first.Headers.Keys);
        var state = await call.StateAsync();

        foreach (var body in new[] { call.Body, call.SameBody, call.Body })
        {
            var again = await call.SendAsync(key, body);
            Assert.Equal(first.Status, again.Status);
            Assert.Equal(first.Body, again.Body);
            Assert.Equal("true", again.Headers[Replayed]);
            Assert.Equal("no-store", again.Headers["Cache-Control"]);
            Assert.Equal(first.Headers.GetValueOrDefault("Location"), again.Headers.GetValueOrDefault("Location"));
        }

        Assert.Equal(state, await call.StateAsync());
        Assert.Equal(before + 1, await call.ChangesAsync());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Another_request_under_the_same_key_is_409_and_changes_nothing(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var key = NewKey;
        var first = await call.SendAsync(key);
        var state = await call.StateAsync();

        var other = await call.SendAsync(key, call.OtherBody);

        ErrorAssert.IsError(other, 409, "idempotency_conflict", naming: "Idempotency-Key");
        Assert.DoesNotContain(Replayed, other.Headers.Keys);
        Assert.Equal(state, await call.StateAsync());
        Assert.Equal(first.Body, (await call.SendAsync(key)).Body);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Ten_at_once_get_one_secret_and_change_one_thing(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var key = NewKey;
        var before = await call.ChangesAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => call.SendAsync(key)));

        Assert.Single(answers.Select(answer => (answer.Status, answer.Body)).Distinct());
        Assert.Equal(call.SecretIn(answers[0]), call.SecretIn(await call.SendAsync(key)));
        Assert.Single(answers, answer => !answer.Headers.ContainsKey(Replayed));
        Assert.Equal(before + 1, await call.ChangesAsync());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Another_key_means_another_change(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var before = await call.ChangesAsync();
        var (key, otherKey) = (NewKey, NewKey);

        Answer[] answers = [await call.SendAsync(key), await call.SendAsync(otherKey), await call.SendAsync(key.ToUpperInvariant() + "x")];

        Assert.Equal(3, answers.Select(call.SecretIn).Distinct().Count());
        Assert.Equal(before + 3, await call.ChangesAsync());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_header_that_is_no_key_is_422_and_changes_nothing(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var before = await call.StateAsync();
        foreach (var key in new[] { "", new string('k', 256), "ключ", "é", "a\tb", "a\u0001b", "a\u007fb" })
        {
            var answer = await call.SendAsync(key);
            ErrorAssert.IsError(answer, 422, "validation_failed", naming: "Idempotency-Key");
        }

        Assert.Equal(before, await call.StateAsync());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Every_printable_character_and_255_of_them_make_a_key(string name)
    {
        using var call = await IdempotentCall.PrepareAsync(service, name);
        var printable = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c));
        string[] keys = ["k" + NewKey[..8], $"{printable} {NewKey}", NewKey.PadRight(254, 'k') + "1", NewKey.PadRight(254, 'k') + "2"];
        var secrets = new List<string>();
        foreach (var key in keys)
        {
            var first = await call.SendAsync(key);
            secrets.Add(call.SecretIn(first));
            Assert.Equal(first.Body, (await call.SendAsync(key)).Body);
        }

        Assert.Equal(keys.Length, secrets.Distinct().Count());
    }
}

[Collection(SqliteService.Storage)]
public sealed class IdempotencyOnSqliteTests(SqliteService service) : IdempotencyTests(service);

[Collection(PostgresService.Storage)]
public sealed class IdempotencyOnPostgresTests(PostgresService service) : IdempotencyTests(service);
