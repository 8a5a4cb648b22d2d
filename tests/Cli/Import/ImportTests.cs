using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Import;

/// <summary>The import of a file, against a service that only imports.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ImportTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ImportStub _stub = new();
    private readonly CommandLine _cli;

    public ImportTests() => _cli = _stub.CreateCommandLine();

    public void Dispose()
    {
        _cli.Dispose();
        _stub.Dispose();
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        var file = await WriteRowsAsync(1_200);
        string[] import = ["import", file, "--algorithm", "sha256", "--yes", "--json"];

        var first = (await _cli.RunAsync(import)).Expect(ExitCodes.Success).Json;
        var second = (await _cli.RunAsync(import)).Expect(ExitCodes.Success).Json;

        Assert.Equal(1_200, first.GetProperty("imported").GetInt32());
        Assert.Equal(
            (0, 1_200), (second.GetProperty("imported").GetInt32(), second.GetProperty("unchanged").GetInt32()));
        Assert.All(_stub.Requests, keys => Assert.InRange(keys.Count, 1, 500));
    }

    [Fact]
    public async Task An_import_whose_process_is_killed_is_completed_by_the_same_command()
    {
        var file = await WriteRowsAsync(2_000);
        string[] import = ["import", file, "--algorithm", "sha256", "--yes", "--concurrency", "1", "--json"];
        _stub.Gate = number => number <= 2 ? Task.CompletedTask : Task.Delay(Timeout.Infinite);
        using var process = KeysProcess.Start(_cli.Variables, import);
        await Wait.UntilAsync(() => _stub.Requests.Count == 3);
        process.Kill();
        await process.WaitForExitAsync();
        _stub.Gate = _ => Task.CompletedTask;

        var result = (await _cli.RunAsync(import)).Expect(ExitCodes.Success).Json;

        Assert.Equal(
            (1_000, 1_000), (result.GetProperty("imported").GetInt32(), result.GetProperty("unchanged").GetInt32()));
    }

    [Fact]
    public async Task The_JSON_of_an_import_is_stable()
    {
        var file = await WriteRowsAsync(3);

        var result = await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes", "--json");

        Assert.Empty(result.Expect(ExitCodes.Success).Error);
        Snapshot.AssertJsonMatches(Path.Combine("json", "import.json"), result.Output);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Only_so_many_requests_run_at_the_same_time(int concurrency)
    {
        var file = await WriteRowsAsync(3_000);
        var gate = new TaskCompletionSource();
        _stub.Gate = _ => gate.Task;
        var running = _cli.RunAsync(
            "import", file, "--algorithm", "sha256", "--yes", "--concurrency",
            concurrency.ToString(CultureInfo.InvariantCulture));
        await Wait.UntilAsync(() => _stub.MaxRunning == concurrency);
        gate.SetResult();

        (await running).Expect(ExitCodes.Success);

        Assert.Equal(concurrency, _stub.MaxRunning);
        Assert.Equal(3_000, _stub.Keys.DistinctBy(key => key.Hash).Count());
    }

    [Fact]
    public async Task Rows_that_fail_do_not_stop_the_others_and_are_in_a_file_in_their_order()
    {
        _stub.Refused["taken"] = "external_id_taken";
        var file = await WriteAsync(
            "keys.ndjson",
            $$"""{"hash": "{{Hash(1)}}", "name": "first"}""",
            """{"hash": """,
            $$"""{"hash": "{{Hash(2)}}", "name": "taken", "external_id": "ext-2"}""",
            """{"hash": "abcd", "name": "short"}""",
            "",
            $$"""{"hash": "{{Hash(3)}}", "name": "late", "expires_at": "tomorrow"}""",
            $$"""{"hash": "{{Hash(4)}}", "name": "last"}""");
        var errors = _cli.GetPath("errors.ndjson");

        var result = await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes", "--errors", errors);

        result.Expect(ExitCodes.PartlyFailed);
        Assert.Equal(["first", "last"], _stub.Keys.Select(key => key.Name).Except(["taken"]));
        var failures = (await File.ReadAllLinesAsync(errors)).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal([2, 3, 4, 6], failures.Select(failure => failure.GetProperty("line").GetInt32()));
        Assert.Equal(
            ["invalid_row", "external_id_taken", "invalid_row", "invalid_row"],
            failures.Select(failure => failure.GetProperty("code").GetString()));
        Assert.Equal("ext-2", failures[1].GetProperty("external_id").GetString());
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(errors));
        foreach (var text in (string[])["not a JSON object", "external_id_taken", "32 bytes", "expires_at", errors])
            Assert.Contains(text, result.Output.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.DoesNotContain(Hash(2), result.Text + await File.ReadAllTextAsync(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_terminal_shows_ten_failures_and_a_file_is_never_overwritten()
    {
        var file = await WriteAsync(
            "keys.csv", [.. Enumerable.Range(0, 30).Select(i => $"{i:x2},key {i}").Prepend("hash,name")]);
        var errors = _cli.GetPath("errors.ndjson");
        string[] import = ["import", file, "--algorithm", "sha256", "--yes", "--errors", errors];

        var result = (await _cli.RunAsync(import)).Expect(ExitCodes.PartlyFailed);
        (await _cli.RunAsync(import)).Expect(ExitCodes.Usage);

        Assert.Equal(10, result.Output.Split("invalid_row").Length - 1);
        Assert.Equal(30, (await File.ReadAllLinesAsync(errors)).Length);
        Assert.Empty(_stub.Requests);
    }

    [Fact]
    public async Task A_file_for_errors_is_not_left_behind_when_there_are_none()
    {
        var file = await WriteRowsAsync(1);
        var errors = _cli.GetPath("errors.ndjson");

        await _cli.ReadAsync("import", file, "--algorithm", "sha256", "--yes", "--errors", errors);

        Assert.False(File.Exists(errors));
    }

    [Fact]
    public async Task A_malformed_row_of_CSV_fails_alone_and_has_the_number_of_its_first_line()
    {
        var file = await WriteAsync(
            "keys.csv",
            "hash,name",
            $"{Hash(1)},\"two",
            "lines\"",
            "",
            $"{Hash(2)},too,many",
            $"{Hash(3)},\"mis\"placed",
            $"{Hash(4)},\\N");
        var result = (await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes", "--json"))
            .Expect(ExitCodes.PartlyFailed);

        Assert.Equal(["two\nlines", "Imported key"], _stub.Keys.Select(key => key.Name));
        Assert.Equal(
            [5, 6],
            result.Json.GetProperty("first_failures").EnumerateArray()
                .Select(failure => failure.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("keys.csv", "hash,name\nabc,\"never closed", "quotation mark")]
    [InlineData("keys.csv", "", "empty")]
    [InlineData("keys.csv", "hash,hash\n1,2", "more than one column")]
    [InlineData("keys.ndjson", "", "empty")]
    [InlineData("keys.ndjson", "[{\"hash\": \"1\"}]", "jq")]
    [InlineData("keys.txt", "hash\n1", "--format")]
    [InlineData("keys.csv", "key_hash,label\n1,a", "--map hash=COLUMN")]
    public async Task A_file_that_cannot_be_read_is_explained(string name, string text, string message)
    {
        // More than the limit for a row.
        if (message == "quotation mark") text += new string('x', 3 * 1024 * 1024);
        var file = await WriteAsync(name, text);

        var result = await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes");

        result.Expect(ExitCodes.Usage);
        Assert.Contains(message, result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(_stub.Requests);
    }

    [Theory]
    [InlineData("no column label, team.", "--algorithm", "sha256", "--map", "name=label", "--map", "metadata.t=team")]
    [InlineData("'secret' is not a member of a key.", "--algorithm", "sha256", "--map", "secret=hash")]
    [InlineData("is not a mapping such as", "--algorithm", "sha256", "--map", "name")]
    [InlineData("Pass --algorithm")]
    [InlineData("Pass --hmac-key", "--algorithm", "hmac-sha256")]
    [InlineData("1 to 4", "--algorithm", "sha256", "--concurrency", "5")]
    [InlineData("hashedSecret", "--recipe", "langwatch")]
    public async Task A_wrong_mapping_stops_before_anything_is_sent(string message, params string[] options)
    {
        var file = await WriteRowsAsync(2);

        var result = await _cli.RunAsync(["import", file, "--yes", .. options]);

        result.Expect(ExitCodes.Usage);
        Assert.Contains(message, result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(_stub.Requests);
    }

    [Fact]
    public async Task A_mapping_can_be_a_file_and_an_option_replaces_or_removes_its_entries()
    {
        var file = await WriteAsync("keys.csv", "digest,name,label,note", $"{Hash(1)},a,b,c");
        var mapping = await WriteAsync(
            "mapping.json", """{"hash": "digest", "name": "name", "description": "note"}""");
        string[] import = ["import", file, "--algorithm", "sha256", "--mapping", mapping, "--yes"];

        await _cli.ReadAsync([.. import, "--map", "name=label", "--map", "description="]);

        Assert.Equal(("b", null), (Assert.Single(_stub.Keys).Name, _stub.Keys[0].Description));
        await WriteAsync("mapping.json", "[]");
        (await _cli.RunAsync(import)).Expect(ExitCodes.Usage);
    }

    [Fact]
    public async Task Each_row_may_have_its_own_algorithm_encoding_and_HMAC_key()
    {
        var bytes = SHA256.HashData([1]);
        var file = await WriteAsync(
            "keys.csv",
            "hash,algorithm,encoding,hmac_key",
            $"{Convert.ToHexString(bytes)},SHA-256,HEX,",
            $"{Convert.ToBase64String(bytes)},hmac-sha256,base64,old",
            $"{Hash(1)},hmac-sha256,hex,",
            $"{Hash(1)},md5,hex,");

        (await _cli.RunAsync("import", file, "--yes")).Expect(ExitCodes.PartlyFailed);

        Assert.Equal(
            [(ImportedHashAlgorithm.Sha256, null), (ImportedHashAlgorithm.HmacSha256, "old")],
            _stub.Keys.Select(key => (key.Algorithm, key.HmacKey)));
    }

    [Theory]
    [InlineData("2099-01-02", "2099-01-02T00:00:00Z")]
    [InlineData("2099-01-02T03:04:05Z", "2099-01-02T03:04:05Z")]
    [InlineData("2099-01-02T03:04:05.123+02:00", "2099-01-02T01:04:05.123Z")]
    [InlineData("2099-01-02 03:04:05.123456", "2099-01-02T03:04:05.123456Z")]
    [InlineData("2099-01-02 03:04:05+00", "2099-01-02T03:04:05Z")]
    [InlineData("4070995200", "2099-01-02T00:00:00Z")]
    [InlineData("4070995200000", "2099-01-02T00:00:00Z")]
    [InlineData("01/02/2099", null)]
    [InlineData("99999999999999999999", null)]
    public async Task Times_of_databases_and_programs_are_understood(string text, string? expected)
    {
        var file = await WriteAsync("keys.csv", "hash,expires_at", $"{Hash(1)},{text}");

        var result = await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes");

        result.Expect(expected is null ? ExitCodes.PartlyFailed : ExitCodes.Success);
        Assert.Equal(
            expected is null ? [] : [DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture)],
            _stub.Keys.Select(key => key.ExpiresAt!.Value));
    }

    [Theory]
    [InlineData("""["a:b", "c"]""", "a:b c")]
    [InlineData("a:b, c", "a:b c")]
    [InlineData("""{"a": ["b"], "c": ["d", "e"]}""", "a:b c:d c:e")]
    [InlineData("null", "")]
    [InlineData("[1]", null)]
    [InlineData("{a,b}", null)]
    public async Task Lists_of_permissions_are_understood(string text, string? expected)
    {
        var file = await WriteAsync(
            "keys.ndjson", JsonSerializer.Serialize(new { hash = Hash(1), permissions = text }));

        (await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes"))
            .Expect(expected is null ? ExitCodes.PartlyFailed : ExitCodes.Success);

        Assert.Equal(expected is null ? [] : [expected], _stub.Keys.Select(key => string.Join(' ', key.Permissions!)));
    }

    [Theory]
    [InlineData("revoked", "maybe")]
    [InlineData("disabled", "2")]
    [InlineData("environment", "staging")]
    [InlineData("metadata", "[]")]
    [InlineData("encoding", "base32")]
    [InlineData("hash", "")]
    public async Task A_value_that_is_not_understood_fails_its_row_and_is_named(string member, string value)
    {
        var row = new Dictionary<string, string> { ["hash"] = Hash(1), [member] = value };
        var file = await WriteAsync("keys.ndjson", JsonSerializer.Serialize(row));

        var result = await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes");

        result.Expect(ExitCodes.PartlyFailed);
        Assert.Contains(member, result.Output, StringComparison.Ordinal);
        Assert.Empty(_stub.Keys);
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    public async Task Expired_keys_are_skipped_or_sent(string skips, int count)
    {
        var now = new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
        _cli.Time = new FixedTime(now);
        var file = await WriteAsync("keys.csv", "hash,expires_at", $"{Hash(1)},2026-11-29T12:00:00Z");

        await _cli.ReadAsync("import", file, "--algorithm", "sha256", "--skip-expired", skips, "--yes");

        Assert.Equal(count, _stub.Keys.Count);
    }

    [Fact]
    public async Task A_dry_run_reads_everything_asks_nothing_and_sends_nothing()
    {
        using var cli = new CommandLine();
        var file = cli.GetPath("keys.csv");
        await File.WriteAllTextAsync(file, $"hash,revoked\n{Hash(1)},\n{Hash(2)},2026-01-01\nwrong,\n");

        var result = (await cli.RunAsync("import", file, "--algorithm", "sha256", "--dry-run", "--json"))
            .Expect(ExitCodes.PartlyFailed).Json;

        Assert.Equal(
            (true, 1, 1, 1),
            (result.GetProperty("dry_run").GetBoolean(), result.GetProperty("not_sent").GetInt32(),
                result.GetProperty("skipped_revoked").GetInt32(), result.GetProperty("failed").GetInt32()));
    }

    [Fact]
    public async Task The_standard_input_is_read_and_its_format_must_be_named()
    {
        _cli.Input.AddRange(["hash", Hash(1)]);
        string[] import = ["import", "-", "--algorithm", "sha256", "--yes"];
        (await _cli.RunAsync(import)).Expect(ExitCodes.Usage);

        await _cli.ReadAsync([.. import, "--format", "csv"]);

        Assert.Single(_stub.Keys);
    }

    [Fact]
    public async Task An_import_asks_and_names_the_columns()
    {
        var file = await WriteRowsAsync(1);
        string[] import = ["import", file, "--algorithm", "sha256"];
        var unanswered = (await _cli.RunAsync(import)).Expect(ExitCodes.Usage);
        Assert.Contains("pass --yes", unanswered.Error, StringComparison.Ordinal);
        _cli.IsPersonTyping = true;
        _cli.Input.Add("n");
        var refused = (await _cli.RunAsync(import)).Expect(ExitCodes.Failure);
        Assert.Contains("hash=hash", refused.Error, StringComparison.Ordinal);
        Assert.Empty(_stub.Requests);
        _cli.Input[0] = "y";

        (await _cli.RunAsync(import)).Expect(ExitCodes.Success);

        Assert.Single(_stub.Keys);
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_sent_in_halves()
    {
        _stub.Choose = (_, keys) => keys.Count > 2 || keys[0].Name == "key 4"
            ? HttpStatusCode.RequestEntityTooLarge
            : HttpStatusCode.OK;
        var file = await WriteRowsAsync(9);

        var result = (await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes", "--json"))
            .Expect(ExitCodes.PartlyFailed).Json;

        Assert.Equal(8, result.GetProperty("imported").GetInt32());
        Assert.Equal("key 4", result.GetProperty("first_failures")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_failure_that_passes_is_retried_and_one_that_does_not_says_how_to_go_on()
    {
        var file = await WriteRowsAsync(10);
        string[] import = ["import", file, "--algorithm", "sha256", "--yes"];
        _stub.Choose = (number, _) => number == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
        (await _cli.RunAsync(import)).Expect(ExitCodes.Success);
        _stub.Choose = (_, _) => HttpStatusCode.ServiceUnavailable;

        var result = (await _cli.RunAsync(import)).Expect(ExitCodes.Unavailable);

        Assert.Contains("Repeat the command to import the others", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, ExitCodes.Denied)]
    [InlineData(HttpStatusCode.UnprocessableEntity, ExitCodes.Refused)]
    public async Task A_request_that_is_refused_stops_the_import(HttpStatusCode status, int exitCode)
    {
        var file = await WriteRowsAsync(5_000);
        _stub.Choose = (_, _) => status;

        (await _cli.RunAsync("import", file, "--algorithm", "sha256", "--yes", "--concurrency", "1")).Expect(exitCode);

        Assert.Single(_stub.Requests);
    }

    private static string Hash(int number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"secret {number}")));

    private Task<string> WriteRowsAsync(int count) => WriteAsync(
        "keys.csv", [.. Enumerable.Range(0, count).Select(i => $"{Hash(i)},key {i}").Prepend("hash,name")]);

    private async Task<string> WriteAsync(string name, params string[] lines)
    {
        var path = _cli.GetPath(name);
        await File.WriteAllTextAsync(path, string.Join('\n', lines));
        return path;
    }
}
