using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KeysCluster.Files;
using KeysCluster.Hosting;
using KeysCluster.Hosting.AdminKeys;

namespace KeysCluster.Silo.Embedded;

/// <summary>
/// The folder of the embedded topology. It contains the database, the pepper, the admin key and the API key of the
/// first project. One process at a time can open it, and only its owner can read it.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock) => (_path, _lock) = (path, @lock);

    public string AdminKeyFile => GetAdminKeyFile(_path);

    /// <summary>The API key of the first project, until its owner removes the file.</summary>
    public string ApiKeyFile => GetApiKeyFile(_path);

    /// <summary>Whether the database has been created here before. It cannot be missing then.</summary>
    public bool IsInitialized => File.Exists(InitializedFile);

    /// <summary>Exists once the data was moved to a cluster.</summary>
    public string MoveMarkFile => Path.Combine(_path, "moved");

    private string InitializedFile => Path.Combine(_path, "initialized");

    private string DatabaseFile => GetDatabaseFile(_path);

    private string PepperFile => GetPepperFile(_path);

    /// <summary>Opens the folder; creates it if it does not exist.</summary>
    /// <exception cref="StartupException">Another process has opened it, or it is not accessible.</exception>
    public static DataDirectory Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            CreateDirectoryForOwner(path);
            return new DataDirectory(path, OpenExclusively(Path.Combine(path, "lock")));
        }
        catch (IOException exception) when (IsLocked(exception))
        {
            throw new StartupException(
                $"Another process uses the data directory {path}. "
                + "Stop it, or set Keys:DataDirectory to another folder.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {path} cannot be used: {exception.Message}");
        }
    }

    /// <summary>Executes a function that reads or writes the folder.</summary>
    /// <exception cref="StartupException">A file cannot be read or written.</exception>
    public T Use<T>(Func<DataDirectory, T> use)
    {
        try
        {
            return use(this);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {_path} cannot be used: {exception.Message}");
        }
    }

    /// <summary>Returns the path of the database of a folder.</summary>
    public static string GetDatabaseFile(string path) => Path.Combine(Path.GetFullPath(path), "keys.db");

    /// <summary>Returns the pepper of a folder in base64; null if there is none.</summary>
    /// <exception cref="StartupException">Others can read the file, or it is empty.</exception>
    public static string? FindPepper(string path)
    {
        var file = GetPepperFile(path);
        if (!File.Exists(file)) return null;
        var pepper = ReadSecret(file);
        return pepper.Length > 0 ? pepper : throw new StartupException($"The file {file} is empty; restore it.");
    }

    /// <summary>Returns the pepper of a folder in base64, whatever its mode is; null if there is none.</summary>
    public static string? ReadPepper(string path) => ReadIfExists(GetPepperFile(path));

    /// <summary>Returns the admin key of a folder, whatever its mode is; null if there is none.</summary>
    public static string? ReadAdminKey(string path) => ReadIfExists(GetAdminKeyFile(path));

    /// <summary>Returns the files of a folder that only its owner may read. Some of them may not exist.</summary>
    public static IReadOnlyList<string> GetPrivateFiles(string path) =>
    [
        GetDatabaseFile(path), GetDatabaseFile(path) + "-wal", GetPepperFile(path), GetAdminKeyFile(path),
        GetApiKeyFile(path),
    ];

    /// <summary>Returns whether any user of the machine can replace the files of an existing folder.</summary>
    public static bool IsWritableByOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != 0;

    /// <summary>Returns the pepper in base64; null if there is none.</summary>
    public string? FindPepper() => FindPepper(_path);

    /// <summary>
    /// Returns the pepper in base64. Creates it if there is no database yet, and an empty database before it: a pepper
    /// without a database is one whose database was lost.
    /// </summary>
    /// <exception cref="StartupException">
    /// The pepper is missing, and the database was written with it, or the database is missing.
    /// </exception>
    public string GetOrCreatePepper()
    {
        if (FindPepper() is { } pepper)
        {
            if (Path.Exists(DatabaseFile)) return pepper;
            throw NewMissingDatabase();
        }

        var file = new FileInfo(DatabaseFile);
        if (IsInitialized || (file.Exists && file.Length > 0))
        {
            throw new StartupException(
                $"The file {PepperFile} is missing. "
                + "Without it, no secret in the database can be validated; restore it.");
        }

        EnsureDatabaseFile();
        return Create(PepperFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    /// <summary>Returns the admin key; creates it if there is none.</summary>
    public string GetOrCreateAdminKey() => File.Exists(AdminKeyFile)
        ? ReadSecret(AdminKeyFile)
        : Create(AdminKeyFile, AdminKeyGenerator.Create());

    /// <summary>
    /// Returns the path of the database; creates an empty file if there is none. SQLite gives its other files the mode
    /// of this one.
    /// </summary>
    /// <exception cref="StartupException">The database has been created before, and is missing.</exception>
    public string EnsureDatabaseFile()
    {
        if (Directory.Exists(DatabaseFile)) throw new StartupException($"{DatabaseFile} is a folder.");
        var file = new FileInfo(DatabaseFile);
        if (IsInitialized && (!file.Exists || file.Length == 0))
            throw NewMissingDatabase();

        if (file.Exists) EnsureOwnerOnly(DatabaseFile);
        else OwnerOnlyFile.Create(DatabaseFile).Dispose();
        return DatabaseFile;
    }

    /// <summary>Records that the database has been created.</summary>
    public void MarkInitialized()
    {
        if (!IsInitialized) Create(InitializedFile, "The database exists. Without it, the service does not start.");
    }

    /// <summary>Returns the mark of a move to a cluster; null if there was none.</summary>
    /// <exception cref="StartupException">The file of the mark is damaged.</exception>
    public MoveMark? FindMoveMark()
    {
        if (!File.Exists(MoveMarkFile)) return null;
        try
        {
            if (JsonSerializer.Deserialize<MoveMark>(File.ReadAllText(MoveMarkFile)) is { } mark) return mark;
        }
        catch (JsonException)
        {
            // As if it were empty.
        }

        throw new StartupException(
            $"The file {MoveMarkFile} is damaged. It says to which database the data was moved: if that has the keys, "
            + "start the cluster; if it does not, remove the file.");
    }

    /// <summary>Writes the mark of a move, or replaces it.</summary>
    public void WriteMoveMark(MoveMark mark) => Create(MoveMarkFile, JsonSerializer.Serialize(mark), isReplaced: true);

    /// <summary>Ensures that the data was not moved to a cluster.</summary>
    /// <exception cref="StartupException">It was, or may have been.</exception>
    public void EnsureNotMoved()
    {
        if (Use(folder => folder.FindMoveMark()) is not { } mark) return;
        throw new StartupException(mark.IsComplete
            ? $"The data in {_path} was moved to the PostgreSQL database {mark.Database} on {mark.At:u}. With it, this "
                + "service would accept secrets that the cluster has revoked. Start the cluster instead. If the move "
                + $"was given up, and no cluster has used that database, remove the file {MoveMarkFile}."
            : $"A move of the data in {_path} to the PostgreSQL database {mark.Database} was interrupted, and may be "
                + "complete. Repeat the command 'keys move'. If the move is given up, drop that database, and remove "
                + $"the file {MoveMarkFile}.");
    }

    /// <summary>Writes the API key of the first project, and returns the path of the file.</summary>
    public string WriteApiKey(string apiKey)
    {
        File.Delete(ApiKeyFile);
        Create(ApiKeyFile, apiKey);
        return ApiKeyFile;
    }

    public void Dispose() => _lock.Dispose();

    private StartupException NewMissingDatabase() => new(
        $"The database {DatabaseFile} is missing or empty, but an earlier start has created it. Restore it. To start "
        + $"without the keys that it had, remove the folder {_path}.");

    private static string GetPepperFile(string path) => Path.Combine(Path.GetFullPath(path), "pepper");

    private static string GetAdminKeyFile(string path) => Path.Combine(Path.GetFullPath(path), "admin-key");

    private static string GetApiKeyFile(string path) => Path.Combine(Path.GetFullPath(path), "project-api-key");

    private static string? ReadIfExists(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    /// <exception cref="StartupException">Others can read the file.</exception>
    private static string ReadSecret(string path)
    {
        EnsureOwnerOnly(path);
        return File.ReadAllText(path).Trim();
    }

    private static void EnsureOwnerOnly(string path)
    {
        if (SecretFile.FindProblem(path, isGroupReader: false) is { } problem) throw new StartupException(problem);
    }

    /// <summary>Returns whether another process has locked the file: EAGAIN, or a sharing violation.</summary>
    private static bool IsLocked(IOException exception) =>
        exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static FileStream OpenExclusively(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Writes a file completely or not at all: a crash leaves no incomplete pepper.</summary>
    private static string Create(string path, string content, bool isReplaced = false)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = OwnerOnlyFile.Create(draft))
        {
            file.Write(Encoding.ASCII.GetBytes(content + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, isReplaced);
        return content;
    }

    private static void CreateDirectoryForOwner(string path)
    {
        OwnerOnlyFile.CreateFolder(path);

        // Whoever can write to the folder can replace its files. The group may: Kubernetes gives volumes that mode.
        if (IsWritableByOthers(path))
            throw new StartupException($"Other users can write to the data directory. Run: chmod o-w '{path}'");
    }
}
