@echo off
rem Loss4J's command line on Windows: builds itself when it was not built yet, and runs io.loss4j.examples.Main with SIMD.
rem Unlike ./loss4j it does not compare dates: after changing sources, run mvn package.
setlocal
set "here=%~dp0"
set "target=%here%loss-examples\target"

set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
"%java%" -version >nul 2>&1
if errorlevel 1 (
    echo loss4j: there is no java; install a JDK 17 or later, or set JAVA_HOME. 1>&2
    exit /b 1
)

if exist "%target%\classpath.txt" goto run
where mvn >nul 2>&1
if errorlevel 1 (
    echo loss4j: there is no mvn; install Maven 3.8 or later, which builds Loss4J. 1>&2
    exit /b 1
)
echo loss4j: building; the first time this downloads Deeplearning4j, about 150 MB ... 1>&2
pushd "%here%"
call mvn -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true -pl loss-examples -am package 1>&2
set "built=%errorlevel%"
popd
if not "%built%"=="0" (
    echo loss4j: the build failed; its messages are above. 1>&2
    exit /b 1
)

:run
for %%j in ("%target%\loss-examples-*.jar") do set "jar=%%~j"
for /f "usebackq delims=" %%c in ("%target%\classpath.txt") do set "CLASSPATH=%jar%;%%c"
rem compare trains many small networks, whose garbage would fill a quarter of the memory; see loss4j.
set "heap="
if "%~1"=="compare" set "heap=-Xmx1g"
rem Waiting OpenMP threads sleep instead of spinning, see loss4j.
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=passive"
"%java%" --add-modules jdk.incubator.vector %heap% %LOSS4J_JAVA_OPTS% io.loss4j.examples.Main %*
exit /b %errorlevel%
